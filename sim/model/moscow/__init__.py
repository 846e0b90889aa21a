"""Moscow: its means, its instruments, its aims, its wars."""
