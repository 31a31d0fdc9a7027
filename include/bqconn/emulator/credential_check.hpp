// Whether the credentials of a connection are good. The emulator asks no Google: whoever runs it
// says so.
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
    // `results` are what tests come to, in order; the last one stays; none: true.
    // `bad_credentials` gives lines of text, anew at each call; may be empty.
    CredentialCheck(std::vector<bool> results, std::function<std::string()> bad_credentials);

    // False if a value of auth.params, or of the key file in it, is one of the bad credentials; or
    // if the next result says so. Uses up one of the results. From any thread.
    bool test(const Resource& connection);

    // What a test would come to now. Uses up none.
    bool good(const Resource& connection) const;

  private:
    bool is_bad(const Resource& connection) const;

    std::vector<bool> results_;
    std::function<std::string()> bad_credentials_;
    mutable std::mutex mutex_;
    std::size_t next_ = 0;
};

}  // namespace bqconn::emulator
