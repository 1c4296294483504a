"""A quarter of a whole house: what people do, what leaves, and a verdict of its own on both."""
