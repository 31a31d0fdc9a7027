// All emulated services, without sockets: takes a request, returns the answer.
#pragma once

#include <string>

#include "emulator/faults/fault.hpp"
#include "emulator/google/google.hpp"
#include "emulator/options.hpp"
#include "emulator/platform/dataflows.hpp"
#include "emulator/server/message.hpp"
#include "emulator/server/route.hpp"
#include "emulator/store/store.hpp"

namespace bqconn::emulator {

class Emulator {
  public:
    explicit Emulator(Options options);
    Emulator(const Emulator&) = delete;
    Emulator& operator=(const Emulator&) = delete;

    // Thread-safe. Every answer has an x-request-id and a Date. Never throws.
    Answer answer(const Request& request);

    // The answer to a request that could not be parsed: 400, 413, ….
    Answer answer_unreadable(int status);

    // The emulator's own URL, which determines Google's token URI. A Server sets it.
    void set_url(const std::string& url) { google_.token_uri = url + google_token_path; }

    const Options& options() const { return options_; }
    const Identity& identity() const { return options_.identity; }
    Store& store() { return store_; }
    Google& google() { return google_; }

  private:
    void add_headers(Answer& answer, const std::string& request_id) const;
    Answer answer_or_fault(const Request& request, const std::string& request_id);
    Answer serve(const Request& request, const std::string& request_id);
    Answer dispatch(const Request& request);

    Options options_;
    Store store_;
    Google google_;
    Dataflows dataflows_;
    FaultList faults_;
    Routes routes_;
};

}  // namespace bqconn::emulator
