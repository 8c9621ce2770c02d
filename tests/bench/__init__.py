"""What the product takes, and what its parts are worth: measurements, not tests."""

import rag as rag  # before numpy is imported anywhere: what it says of threads holds for every measurement
