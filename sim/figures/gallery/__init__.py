"""Every figure, one a file, which bears its name; `sim.figures.registry.figure` registers it."""
