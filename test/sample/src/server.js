const { readFileSync } = require("node:fs");
const { createServer } = require("node:http");
const { join } = require("node:path");
const { search } = require("./shelf.js");

const root = process.cwd();
const books = JSON.parse(readFileSync(join(root, "data/books.json"), "utf8"));
const files = {
  "/": ["index.html", "text/html"],
  "/style.css": ["style.css", "text/css"],
  "/shelf.svg": ["shelf.svg", "image/svg+xml"],
};

const server = createServer((request, response) => {
  const url = new URL(request.url, "http://localhost");
  const file = files[url.pathname];
  if (url.pathname === "/books") {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(search(books, url.searchParams)));
  } else if (file) {
    response.setHeader("content-type", file[1]);
    response.end(readFileSync(join(root, "public", file[0])));
  } else {
    response.statusCode = 404;
    response.end("no such page\n");
  }
});

server.listen(Number(process.env.PORT || 8080), () => console.log("listening"));
