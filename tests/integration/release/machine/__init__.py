"""A hypothesis state machine of the release path; the world around it is modelled without the code under test."""
