"""Block Kit: what may be in a message, a modal or a Home tab, and what people's choices look like in payloads."""
