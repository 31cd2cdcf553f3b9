"""What makes and judges what ships. Nothing but the command line imports it."""
