/**
 * Where the visitor's photo comes from: a file, the clipboard, the camera.
 *
 * @import { Page } from "./page.js"
 */

import { ask } from "./asking.js";
import { make, makeButton, mark } from "./dom.js";
import { clearParts, forgetPhoto, photoError, showPhoto, syncPhoto } from "./photo.js";
import { withUpload } from "./state.js";

/** Of a photo from the camera: small to send, and no loss that a search would notice. */
const JPEG_QUALITY = 0.92;

/** @param {Page} page @param {File | null | undefined} file */
export async function takePhoto(page, file) {
  const rail = page.parts.get("rail");
  if (!file || !rail) return;
  if (file.type && !file.type.startsWith("image/")) {
    photoError(page.words.photo_not_image);
    return;
  }
  photoError("");
  forgetPhoto(page);
  const mine = page.uploads;
  page.photoUrl = URL.createObjectURL(file);
  mark("hasPhoto", "upload");
  mark("uploading", "yes");
  showPhoto(page.photoUrl, page.words.photo_yours);
  clearParts(page);
  try {
    const { path, url } = await rail.upload(file);
    if (mine !== page.uploads) return;
    page.photoSource = url;
    mark("uploading", null);
    ask(page, withUpload(path));
  } catch {
    if (mine !== page.uploads) return;
    forgetPhoto(page);
    syncPhoto(page);
    photoError(page.words.photo_failed);
  }
}

/** The first picture of a paste or a drop. @param {DataTransfer | null} data @returns {File | undefined} */
export function pictureIn(data) {
  return Array.from(data?.files ?? []).find((file) => file.type.startsWith("image/"));
}

/** @param {Page} page */
export async function pastePhoto(page) {
  try {
    for (const item of await navigator.clipboard.read()) {
      const type = item.types.find((name) => name.startsWith("image/"));
      if (type) {
        await takePhoto(page, new File([await item.getType(type)], "pasted.png", { type }));
        return;
      }
    }
  } catch {
    // Not allowed or not supported: the message says how to do it by key.
  }
  photoError(page.words.paste_empty);
}

/** A dialog with what the camera sees. @param {Page} page */
export async function openCamera(page) {
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    photoError(page.words.camera_denied);
    return;
  }
  const { dialog, video, shoot } = cameraDialog(page.words);
  video.srcObject = stream;
  dialog.addEventListener("close", () => {
    for (const track of stream.getTracks()) track.stop();
    dialog.remove();
  });
  shoot.addEventListener("click", () => {
    const canvas = make("canvas");
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    canvas.getContext("2d")?.drawImage(video, 0, 0);
    const take = (/** @type {Blob | null} */ blob) =>
      blob && takePhoto(page, new File([blob], "camera.jpg", { type: "image/jpeg" }));
    canvas.toBlob(take, "image/jpeg", JPEG_QUALITY);
    dialog.close();
  });
  document.body.append(dialog);
  dialog.showModal();
}

/** @param {Record<string, string>} words */
function cameraDialog(words) {
  const dialog = make("dialog", "camera");
  const video = make("video");
  video.autoplay = true;
  video.playsInline = true;
  const shoot = makeButton("button button--primary", words.camera_shoot);
  const cancel = makeButton("button", words.close);
  const line = make("div", "camera__line");
  line.append(shoot, cancel);
  dialog.append(make("h2", "", words.camera_title), video, line);
  dialog.setAttribute("aria-label", words.camera_title);
  cancel.addEventListener("click", () => dialog.close());
  return { dialog, video, shoot };
}
