"""Where people meet the advisor: the command and the chat page. Nobody imports it."""
