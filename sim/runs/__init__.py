"""Many replicates of many scenarios, on any number of processes, streamed to a folder."""
