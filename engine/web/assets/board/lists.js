// Lists of rows that change by themselves: each row is known by its key and written over.
// Rule of this file: in a list that holds, nothing moves while somebody points at it or stands in it by keyboard: who is
// gone stays, greyed, and who is new stands at the end, until the pointer or the focus has left.

import { made, renewElement } from "../live/renew.js";

export class List {
  constructor(place) {
    this.place = place;
    this.order = [...place.children].map((row) => row.dataset.key);
  }

  get rows() {
    return [...this.place.children];
  }

  row(key) {
    return this.place.querySelector(`:scope > [data-key="${CSS.escape(key)}"]`);
  }

  get isHeld() {
    return this.place.matches("[data-holds]:is(:hover, :has(:focus-visible))");
  }

  show({ order, rows }) {
    this.order = order;
    for (const [key, html] of Object.entries(rows)) {
      const fresh = made(html).firstElementChild;
      const there = this.row(key);
      if (there) renewElement(there, fresh);
      else this.place.append(fresh);
    }
    this.settle();
  }

  // Returns whether rows still stand where they will not stay.
  settle() {
    const wanted = new Set(this.order);
    const moved = this.rows.map((row) => row.dataset.key).join() !== this.order.join();
    for (const row of this.rows) gone(row, !wanted.has(row.dataset.key));
    if (moved && !this.isHeld) this.arrange(wanted);
    return moved && this.isHeld;
  }

  arrange(wanted) {
    for (const row of this.rows) if (!wanted.has(row.dataset.key)) row.remove();
    this.order.forEach((key, n) => {
      const row = this.row(key);
      if (row && this.place.children[n] !== row) this.place.insertBefore(row, this.place.children[n]);
    });
  }
}

function gone(row, is) {
  if (row.classList.contains("is-gone") === is) return;
  row.classList.toggle("is-gone", is);
  const told = row.querySelector(".gone");
  if (told) told.hidden = !is;
  for (const one of row.querySelectorAll("button")) one.disabled = is;
  for (const one of row.querySelectorAll("a")) one.hidden = is;
}
