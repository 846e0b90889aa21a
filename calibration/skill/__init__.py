"""The back-test by outcome: where, when and how often, beside forecasters that need no model."""
