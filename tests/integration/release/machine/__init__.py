"""A hypothesis state machine of the release path, with a world around it that is modelled without the code under test."""
