"""Measures what tracking costs on this computer, keeps that, and recommends settings."""
