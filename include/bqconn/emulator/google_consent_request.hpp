// What a program requests when it sends a browser to Google's consent page.
#pragma once

#include <exception>
#include <string>

#include "bqconn/emulator/google_store.hpp"
#include "bqconn/emulator/message.hpp"

namespace bqconn::emulator {

struct ConsentRequest {
    Consent consent;  // with the scopes requested
    std::string state;
};

// Shown to the user as a page instead of redirecting back to the program.
class ConsentRefused : public std::exception {
  public:
    ConsentRefused(int status, std::string error, std::string description);
    const char* what() const noexcept override { return "consent refused"; }
    int status() const { return status_; }
    const std::string& error() const { return error_; }  // "redirect_uri_mismatch"
    const std::string& description() const { return description_; }

  private:
    int status_;
    std::string error_;
    std::string description_;
};

// Throws ConsentRefused, or Refused if a parameter is given twice.
ConsentRequest read_consent_request(const Pairs& parameters, const std::string& known_client);

// "http://127.0.0.1:PORT", or with localhost or [::1]; a trailing slash is allowed.
bool is_loopback_redirect(const std::string& uri);

}  // namespace bqconn::emulator
