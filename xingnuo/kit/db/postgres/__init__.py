"""Django's PostgreSQL backend, told at connection time where the cluster is."""
