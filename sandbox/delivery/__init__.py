"""From the workspace to the bot: signed HTTP requests or Socket Mode envelopes, acks, retries, response URLs."""
