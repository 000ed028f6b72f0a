"""One folder per remote system, behind the Till and Shop protocols."""
