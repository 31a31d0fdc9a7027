// Whether a connection's credentials are valid. The emulator does not ask Google: its user decides.
#pragma once

#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "bqconn/emulator/store.hpp"

namespace bqconn::emulator {

class CredentialCheck {
  public:
    // `results` are the results of successive tests; the last one repeats; empty means true.
    // `bad_credentials` returns lines of text, read again on each call; may be empty.
    CredentialCheck(std::vector<bool> results, std::function<std::string()> bad_credentials);

    // False if a value in auth.params, or in the key file there, is one of the bad credentials, or
    // if the next result is false. Consumes one result. Thread-safe.
    bool test(const Resource& connection);

    // What test() would return now. Consumes nothing.
    bool good(const Resource& connection) const;

  private:
    bool is_bad(const Resource& connection) const;

    std::vector<bool> results_;
    std::function<std::string()> bad_credentials_;
    mutable std::mutex mutex_;
    std::size_t next_ = 0;
};

}  // namespace bqconn::emulator
