"""Old Discord threads, as DiscordChatExporter writes them, and what members said in them."""
