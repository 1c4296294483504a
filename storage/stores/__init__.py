"""One store for each port. They speak through a `Scope` and never see a connection."""
