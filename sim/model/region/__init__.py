"""The region: alliance, clashes, rivals, territories, and how alignment moves."""
