// Small changes to the text of a package written by edxml.mjs. Each fails when there is nothing to change: a
// row that changes nothing would prove nothing.

/** The text with the first `from` replaced. */
export function swap(text, from, to) {
    const at = text.indexOf(from);
    if (at < 0) throw new Error(`nothing to replace: ${from}`);
    return text.slice(0, at) + to + text.slice(at + from.length);
}

/** The first element of this name in the envelope, with the space before it. */
export function element(text, name) {
    const found = new RegExp(`\\s*<edXML:${name}>.*?</edXML:${name}>`, "s").exec(text);
    if (!found) throw new Error(`there is no ${name}`);
    return found[0];
}

/** Changes, to be applied to a text: */

export function twice(name) {
    return (text) => swap(text, element(text, name), element(text, name).repeat(2));
}

export function without(name) {
    return (text) => swap(text, element(text, name), "");
}

export function put(name, xml) {
    return (text) => swap(text, element(text, name), `<edXML:${name}>${xml}</edXML:${name}>`);
}

/** xml: what stands behind the first element of this name. */
export function behind(name, xml) {
    return (text) => swap(text, element(text, name), element(text, name) + xml);
}

/** Each attachment, in the manifest too, gets this name. */
export function named(name) {
    return (text) => text.replace(/(<(?:edXML:)?AttachmentName>)[^<]*/g, (_, tag) => tag + name);
}

/** The base64 of the first attachment is changed. */
export function encoded(change) {
    return (text) =>
        text.replace(/(ContentTransferEncoded[^>]*>)([^<]*)/, (_, tag, base64) => tag + change(base64));
}

export function all(...changes) {
    return (text) => changes.reduce((changed, change) => change(changed), text);
}
