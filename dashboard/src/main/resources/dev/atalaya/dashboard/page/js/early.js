// Runs before anything is painted, so that a chosen theme does not flash in the other one.
try {
  document.documentElement.dataset.theme = localStorage.getItem("atalaya.theme") ?? "auto";
} catch {
  document.documentElement.dataset.theme = "auto";
}
