"""Search, evidence, verification and answers: everything below the screens."""

import os

# Before numpy is imported: products of a search are small, and threads that wait for one another cost more than they bring
# (two cores: 37 instead of 50 to 90 ms a search), the more so where several people search at once.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
