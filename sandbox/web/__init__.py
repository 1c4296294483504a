"""The HTTP side: Slack's addresses for the bot, and the page's for people."""
