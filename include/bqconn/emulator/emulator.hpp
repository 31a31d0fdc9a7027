// The emulated services together, without sockets: a request in, its answer out.
#pragma once

#include <string>

#include "bqconn/emulator/identity.hpp"
#include "bqconn/emulator/message.hpp"
#include "bqconn/emulator/router.hpp"
#include "bqconn/emulator/store.hpp"

namespace bqconn::emulator {

class Emulator {
  public:
    explicit Emulator(Identity identity, Clock clock = std::chrono::system_clock::now);
    Emulator(const Emulator&) = delete;
    Emulator& operator=(const Emulator&) = delete;

    // May be called from any thread. Every answer has an x-request-id. Throws nothing.
    Answer answer(const Request& request);

    const Identity& identity() const { return identity_; }
    Store& store() { return store_; }

  private:
    Answer serve(const Request& request, const std::string& request_id);
    Answer dispatch(const Request& request);

    Identity identity_;
    Store store_;
    Router router_;
};

}  // namespace bqconn::emulator
