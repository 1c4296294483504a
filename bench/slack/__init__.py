"""How fast Slack is answered: the signed round trip beside bare Bolt, and acknowledgements while everything is slow."""
