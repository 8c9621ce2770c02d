"""The only place that imports vendors: one module a vendor thing."""

import os

# LangChain sends every call to a tracing service when the environment says so; nothing may leave but through egress.
for _name in ("LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING", "LANGCHAIN_TRACING_V2"):
    os.environ[_name] = "false"
