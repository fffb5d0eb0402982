"""The bodies that commission, one file each; `reports.reading.read_body` reads them."""
