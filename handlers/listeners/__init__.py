"""From request to answer: read the input, call one use case, hand its outcome to a presenter. Nothing else."""
