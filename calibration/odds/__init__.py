"""Which thesis one history speaks for, and how far one history can tell at all."""
