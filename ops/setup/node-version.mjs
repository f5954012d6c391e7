const oldest = [20, 19];

/** What to say to a Node that is too old for this project; undefined when it is new enough. */
export function complaintAboutNode(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return undefined;
  return `Node ${version} is too old: 20.19 or later is needed, 22 is recommended.\n  Install it from your system's packages or with a version manager, then run the command again.`;
}
