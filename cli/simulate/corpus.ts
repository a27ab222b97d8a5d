/**
 * What users ask for, in our own words: an invented product that sells
 * bookings to small businesses. Each subject is one feature.
 */
export interface Subject {
  slug: string;
  /** Folder of its code. */
  area: string;
  /** As tasks speak of it. */
  noun: string;
  title: string;
  /** The user's own words. */
  wish: string;
}

export const USER = "maya";

const subject = (slug: string, area: string, noun: string, title: string, wish: string): Subject => ({
  slug,
  area,
  noun,
  title,
  wish,
});

export const SUBJECTS: readonly [Subject, ...Subject[]] = [
  subject(
    "csv-export",
    "reports",
    "report exports",
    "Export reports as CSV",
    "Finance copies the rows by hand at every month end. Give them a file.",
  ),
  subject(
    "saved-filters",
    "search",
    "saved filters",
    "Save filters of the booking list",
    "I set the same four filters every morning.",
  ),
  subject(
    "team-invites",
    "accounts",
    "invitations",
    "Invite colleagues by link",
    "New people wait for me to create their accounts.",
  ),
  subject(
    "webhook-retries",
    "integrations",
    "webhook deliveries",
    "Retry webhooks that failed",
    "When their server is down for a minute, they miss the booking for good.",
  ),
  subject(
    "invoice-numbers",
    "billing",
    "invoice numbers",
    "Number invoices without gaps",
    "The tax office asks why 1042 is missing.",
  ),
  subject(
    "calendar-feed",
    "bookings",
    "calendar feeds",
    "Subscribe to bookings as a calendar",
    "I want them beside my own appointments.",
  ),
  subject(
    "refund-flow",
    "billing",
    "refunds",
    "Refund a part of a booking",
    "Support can only refund all of it, and does the rest by bank transfer.",
  ),
  subject(
    "audit-trail",
    "accounts",
    "the audit trail",
    "Show who changed what in settings",
    "Somebody switched reminders off and nobody knows who.",
  ),
  subject(
    "waiting-list",
    "bookings",
    "waiting lists",
    "Put guests on a waiting list",
    "A full evening has cancellations, and we call people by hand.",
  ),
  subject(
    "bulk-edit",
    "bookings",
    "bulk edits",
    "Change many bookings at once",
    "Moving a class by half an hour takes me twenty clicks per guest.",
  ),
  subject(
    "dark-theme",
    "settings",
    "colour themes",
    "Offer a dark theme",
    "The front desk works until midnight with the lights low.",
  ),
  subject(
    "sms-reminders",
    "messages",
    "text reminders",
    "Remind guests by text message",
    "Every fifth guest forgets. They do not read mail.",
  ),
  subject(
    "price-seasons",
    "billing",
    "seasonal prices",
    "Prices by season",
    "We change all prices by hand in June and back in September.",
  ),
  subject(
    "guest-merge",
    "accounts",
    "duplicate guests",
    "Merge guests that exist twice",
    "Half the regulars are in there with two spellings.",
  ),
  subject(
    "rate-limits",
    "integrations",
    "rate limits",
    "Limit requests per partner",
    "One partner polls every second and slows the others down.",
  ),
  subject(
    "occupancy-chart",
    "reports",
    "occupancy",
    "Chart occupancy by weekday",
    "I want to see which evenings need a second host.",
  ),
  subject(
    "gift-vouchers",
    "billing",
    "vouchers",
    "Sell gift vouchers",
    "People ask for them every December and we write them by hand.",
  ),
  subject(
    "import-guests",
    "accounts",
    "guest imports",
    "Import guests from a spreadsheet",
    "New customers come with ten years of addresses.",
  ),
  subject(
    "full-text-search",
    "search",
    "full-text search",
    "Find bookings by any word",
    "I remember that he has a dog, not his name.",
  ),
  subject(
    "room-photos",
    "bookings",
    "room photos",
    "Show photos of each room",
    "Guests call to ask whether room four has windows.",
  ),
  subject(
    "payment-links",
    "billing",
    "payment links",
    "Send a link to pay a deposit",
    "We take card numbers on the phone. That has to end.",
  ),
  subject(
    "opening-hours",
    "settings",
    "opening hours",
    "Opening hours with holidays",
    "Guests booked on Christmas Eve again.",
  ),
  subject(
    "message-templates",
    "messages",
    "message templates",
    "Templates for messages to guests",
    "Everybody writes the confirmation differently.",
  ),
  subject(
    "partner-api",
    "integrations",
    "partner access",
    "Let partners read availability",
    "Two portals would list us if they could ask for free rooms.",
  ),
  subject(
    "two-factor",
    "accounts",
    "second factors",
    "Sign in with a second factor",
    "The insurance asks for it.",
  ),
  subject(
    "staff-rota",
    "bookings",
    "the staff rota",
    "Plan hosts beside bookings",
    "The rota lives in a spreadsheet that nobody trusts.",
  ),
  subject(
    "cancellation-rules",
    "bookings",
    "cancellation rules",
    "Cancellation rules per offer",
    "A wedding is not a table for two.",
  ),
  subject(
    "daily-digest",
    "messages",
    "daily digests",
    "A digest of the day by mail",
    "I open the list ten times a day only to see what is new.",
  ),
  subject(
    "currency",
    "billing",
    "currencies",
    "Prices in the guest's currency",
    "Half our guests come from across the border.",
  ),
  subject(
    "slow-list",
    "search",
    "the booking list",
    "Make the booking list fast again",
    "It takes six seconds since we passed 50,000 bookings.",
  ),
  subject(
    "guest-notes",
    "accounts",
    "guest notes",
    "Notes on guests that staff can see",
    "Allergies are on paper at the desk.",
  ),
  subject(
    "tax-report",
    "reports",
    "the tax report",
    "A tax report by quarter",
    "Our accountant wants the same table every three months.",
  ),
];

/** What a second request about a subject asks for; the first one is the subject's own title. */
export const SEQUELS: readonly [string, ...string[]] = ["Extend", "Speed up", "Simplify", "Rework"];
