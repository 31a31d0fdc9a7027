// What a program asks for when it sends a browser to Google's consent page.
#pragma once

#include <exception>
#include <string>

#include "bqconn/emulator/google_store.hpp"
#include "bqconn/emulator/message.hpp"

namespace bqconn::emulator {

struct ConsentRequest {
    Consent consent;  // its scopes are those that are asked for
    std::string state;
};

// The request is answered with a page that shows this, and nobody is sent back.
class ConsentRefused : public std::exception {
  public:
    ConsentRefused(int status, std::string error, std::string description);
    const char* what() const noexcept override { return "the consent page refuses"; }
    int status() const { return status_; }
    const std::string& error() const { return error_; }  // "redirect_uri_mismatch"
    const std::string& description() const { return description_; }

  private:
    int status_;
    std::string error_;
    std::string description_;
};

// Throws ConsentRefused, or Refused for a parameter that is given twice.
ConsentRequest read_consent_request(const Pairs& parameters, const std::string& known_client);

// "http://127.0.0.1:PORT", or with localhost or [::1], and maybe a slash behind it.
bool is_loopback_redirect(const std::string& uri);

}  // namespace bqconn::emulator
