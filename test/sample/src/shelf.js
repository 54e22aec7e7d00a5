/** Books whose author, title and year contain what is asked for. */
function search(books, wanted) {
  return books.filter((book) => [...wanted].every(([key, text]) => String(book[key] ?? "").toLowerCase().includes(text.toLowerCase())));
}

module.exports = { search };
