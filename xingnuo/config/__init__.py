"""config: the street plan. It sees every room and is seen by none."""
