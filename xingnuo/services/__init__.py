"""Services: what a person comes for. A service never knows another service."""
