/** Gives a file to whoever sits in front of the page. */
export function saveFile(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // The browser has taken the address once the click is dealt with.
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
