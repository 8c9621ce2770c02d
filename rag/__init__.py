"""Search, evidence, verification and answers: everything below the screens."""
