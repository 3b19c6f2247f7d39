//! The console: server-rendered pages for people who must trust the product.
