"""The faces: `cli` the terminal command, `web` the chat, `render` what the chat shows, `job` its rebuild."""
