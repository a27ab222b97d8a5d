declare global {
  namespace App {
    interface Error {
      /** Finds the request in the server's log. */
      request_id?: string;
    }
  }
}

export {};
