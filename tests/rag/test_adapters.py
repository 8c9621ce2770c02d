from __future__ import annotations

import os
import subprocess
import sys


def test_no_tracing_service_hears_of_a_question_whatever_the_environment_says() -> None:
    switches = ("LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING", "LANGCHAIN_TRACING_V2")
    asked = dict.fromkeys(switches, "true") | {"LANGSMITH_API_KEY": "k"}
    code = "import rag.adapters, langsmith.utils; print(langsmith.utils.tracing_is_enabled())"
    ended = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | asked, capture_output=True, text=True, check=True
    )
    assert ended.stdout.strip() == "False"
    without = code.replace("rag.adapters, ", "")
    ended = subprocess.run(
        [sys.executable, "-c", without], env=os.environ | asked, capture_output=True, text=True, check=True
    )
    assert ended.stdout.strip() == "True"
