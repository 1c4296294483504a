"""A state machine of the release path, and a world around it that is modelled without the code under test."""
