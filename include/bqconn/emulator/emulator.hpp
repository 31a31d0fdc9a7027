// All emulated services, without sockets: takes a request, returns the answer.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "bqconn/emulator/credential_check.hpp"
#include "bqconn/emulator/fault.hpp"
#include "bqconn/emulator/google_store.hpp"
#include "bqconn/emulator/identity.hpp"
#include "bqconn/emulator/message.hpp"
#include "bqconn/emulator/router.hpp"
#include "bqconn/emulator/service_options.hpp"
#include "bqconn/emulator/store.hpp"

namespace bqconn::emulator {

// Receives one line of text without its newline. Called from any thread.
using LineSink = std::function<void(const std::string& line)>;

struct EmulatorOptions {
    Identity identity = make_up_identity();
    Clock clock = std::chrono::system_clock::now;
    std::vector<Fault> faults;
    ServiceOptions service;
    LineSink log;     // one line per answer, without secrets; empty: no log
    LineSink record;  // each request to the platform as JSON, with secrets; empty: no record
};

class Emulator {
  public:
    explicit Emulator(EmulatorOptions options);
    Emulator(const Emulator&) = delete;
    Emulator& operator=(const Emulator&) = delete;

    // Thread-safe. Every answer has an x-request-id and a Date. Never throws.
    Answer answer(const Request& request);

    // The answer to a request that could not be parsed: 400, 413, ….
    Answer answer_unreadable(int status);

    // The emulator's own URL, which determines Google's token URI. A Server sets it.
    void set_url(const std::string& url);

    const Identity& identity() const { return options_.identity; }
    Store& store() { return store_; }
    GoogleStore& google() { return google_; }

  private:
    void add_headers(Answer& answer, const std::string& request_id) const;
    Answer answer_or_fault(const Request& request, const std::string& request_id,
                           std::string& fault_text);
    Answer serve(const Request& request, const std::string& request_id);
    Answer dispatch(const Request& request);

    EmulatorOptions options_;
    Store store_;
    GoogleStore google_;
    CredentialCheck credentials_;
    FaultList faults_;
    Router router_;
};

}  // namespace bqconn::emulator
