"""Migrations of merchant_collection."""
