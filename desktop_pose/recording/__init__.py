"""What is on disk: sessions (SQLite and Matroska), their writer and reader, and the data exporters."""
