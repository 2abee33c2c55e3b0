"""The media worker: sockets, timers, commands and the tap around `server.peer` and `server.forward`."""
