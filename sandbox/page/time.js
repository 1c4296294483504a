// Dates and times in the viewer's zone and manner.

import { me, now } from "./state.js";

const cache = new Map();
function format(options) {
  const viewer = me();
  const twelve = viewer.locale === "en-US";
  const key = JSON.stringify([viewer.zone, twelve, options]);
  if (!cache.has(key)) {
    cache.set(key, new Intl.DateTimeFormat(twelve ? "en-US" : "en-GB", { timeZone: viewer.zone, ...options }));
  }
  return cache.get(key);
}

export const clock = (ms) => format({ hour: "numeric", minute: "2-digit" }).format(ms);
export const clockSeconds = (ms) => format({ hour: "numeric", minute: "2-digit", second: "2-digit" }).format(ms);
export const dayKey = (ms) => format({ year: "numeric", month: "2-digit", day: "2-digit" }).format(ms);
export const full = (ms) => format({ weekday: "long", day: "numeric", month: "long", year: "numeric", hour: "numeric", minute: "2-digit", timeZoneName: "short" }).format(ms);
export const shortDay = (ms) => format({ weekday: "short", day: "numeric", month: "short" }).format(ms);

export function dayName(ms) {
  const key = dayKey(ms);
  if (key === dayKey(now())) return "Today";
  if (key === dayKey(now() - 864e5)) return "Yesterday";
  if (key === dayKey(now() + 864e5)) return "Tomorrow";
  return format({ weekday: "long", month: "long", day: "numeric" }).format(ms);
}

export function inZone(ms, zone) {
  return new Intl.DateTimeFormat(me().locale === "en-US" ? "en-US" : "en-GB", { timeZone: zone, hour: "numeric", minute: "2-digit" }).format(ms);
}

export const zoneName = (zone) => zone.split("/").pop().replaceAll("_", " ");

// `YYYY-MM-DDTHH:mm` of the viewer's wall clock, for a datetime-local field.
export function wall(ms) {
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat("en-CA", { timeZone: me().zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" })
      .formatToParts(ms).map((part) => [part.type, part.value]));
  return `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}`;
}

function ordinal(day) {
  const tens = day % 100;
  return day + (tens > 10 && tens < 14 ? "th" : { 1: "st", 2: "nd", 3: "rd" }[day % 10] || "th");
}

function ago(ms) {
  const minutes = Math.round((ms - now()) / 60000);
  const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  if (Math.abs(minutes) < 60) return words.format(minutes, "minute");
  if (Math.abs(minutes) < 1440) return words.format(Math.round(minutes / 60), "hour");
  return words.format(Math.round(minutes / 1440), "day");
}

// The tokens of <!date^...>.
export function dateToken(token, ms) {
  const pretty = (rest) => (["Today", "Yesterday", "Tomorrow"].includes(dayName(ms)) ? dayName(ms).toLowerCase() : rest);
  const day = Number(format({ day: "numeric" }).format(ms));
  const month = format({ month: "long" }).format(ms);
  const year = format({ year: "numeric" }).format(ms);
  const date = `${month} ${ordinal(day)}, ${year}`;
  const short = `${format({ month: "short" }).format(ms)} ${day}, ${year}`;
  const long = `${format({ weekday: "long" }).format(ms)}, ${date}`;
  switch (token) {
    case "date_num": return wall(ms).slice(0, 10);
    case "date_slash": return wall(ms).slice(0, 10).replaceAll("-", "/");
    case "date": return date;
    case "date_short": return short;
    case "date_long": return long;
    case "date_pretty": return pretty(date);
    case "date_short_pretty": return pretty(short);
    case "date_long_pretty": return pretty(long);
    case "day_divider_pretty": return dayName(ms);
    case "time": return clock(ms);
    case "time_secs": return clockSeconds(ms);
    case "ago": return ago(ms);
    default: return null;
  }
}
