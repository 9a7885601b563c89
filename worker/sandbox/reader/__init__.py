"""What a person sees of the sandbox: pages and tickets in the browser and on a terminal, and forms to change them."""
