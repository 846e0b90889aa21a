"""Run: scenarios prepared, run on any number of processes, and streamed to a folder."""
