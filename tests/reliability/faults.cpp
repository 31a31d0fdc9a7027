#include "reliability/faults.hpp"

#include "reliability/strikes.hpp"

namespace bqconn::reliability {

using test::RawConnection;

std::vector<Fault> connection_faults() {
    const auto close = [](RawConnection&, const Good&, const std::string&) {};
    const auto reset = [](RawConnection& connection, const Good&, const std::string&) {
        connection.reset();
    };
    const auto stall = [](RawConnection& connection, const Good&, const std::string&) {
        connection.stall();
    };
    return {
        {"ClosedBeforeTheRequestIsRead", close, broken, true},
        {"ResetBeforeTheRequestIsRead", reset, broken, true},
        {"NothingReadAndNothingSent", stall, broken, true, true},
        {"ClosedAfterTheRequest", close, broken},
        {"ResetAfterTheRequest", reset, broken},
        {"NothingSent", stall, broken, false, true},
        {"AppliedThenDropped",
         [](RawConnection& connection, const Good& good, const std::string&) {
             connection.send("HTTP/1.1 " + good.status + "\r\n");
             connection.reset();
         },
         broken},
        {"ResetWithinTheBody",
         [](RawConnection& connection, const Good& good, const std::string&) {
             connection.send("HTTP/1.1 " + good.status +
                             "\r\nContent-Length: " + std::to_string(good.body.size()) +
                             "\r\n\r\n" + good.body.substr(0, good.body.size() - 1));
             connection.reset();
         },
         broken_body},
        {"StallsWithinTheHead",
         [](RawConnection& connection, const Good& good, const std::string&) {
             connection.send("HTTP/1.1 " + good.status + "\r\nContent-Le");
             connection.stall();
         },
         broken, false, true},
        {"StallsWithinTheBody",
         [](RawConnection& connection, const Good& good, const std::string&) {
             connection.send("HTTP/1.1 " + good.status +
                             "\r\nContent-Length: " + std::to_string(good.body.size()) +
                             "\r\n\r\n" + good.body.substr(0, good.body.size() - 1));
             connection.stall();
         },
         broken_body, false, true},
        {"Dripped",
         [](RawConnection& connection, const Good& good, const std::string&) {
             connection.drip(test::answer(good.status, good.body, "Connection: close\r\n"));
         },
         fine},
    };
}

std::vector<Fault> status_faults() {
    std::vector<Fault> faults;
    const std::vector<std::pair<std::string, std::string>> nonsense{
        {"LetterForDigit", "HTTP/1.1 2O1 Created"},
        {"FourDigits", "HTTP/1.1 2010 Created"},
        {"TwoDigits", "HTTP/1.1 20"},
        {"Zero", "HTTP/1.1 000 Zero"},
        {"Six", "HTTP/1.1 600 High"},
        {"None", "HTTP/1.1"},
        {"OtherProtocol", "RTSP/1.0 201 Created"},
        {"Version9", "HTTP/9.9 201 Created"},
        {"Switching", "HTTP/1.1 101 Switching Protocols"},
        {"Smtp", "220 mail.example ESMTP"},
    };
    faults.reserve(64);
    for (const auto& [name, line] : nonsense) {
        faults.push_back({"Status" + name, status_line(line), malformed});
    }
    for (const int status : {202, 204, 205, 206, 226, 299, 300, 301, 302, 303, 304}) {
        faults.push_back({"Status" + std::to_string(status),
                          send("HTTP/1.1 " + std::to_string(status) +
                               " Other\r\nContent-Length: 0\r\nLocation: /elsewhere\r\n\r\n"),
                          untrusted});
    }
    for (const int status : {307, 308}) {
        faults.push_back({"Status" + std::to_string(status),
                          status_line("HTTP/1.1 " + std::to_string(status) +
                                      " Elsewhere\r\nLocation: "
                                      "http://127.0.0.1:1/"),
                          {12, 12, 12}});
    }
    for (const int status : {500, 501, 502, 503, 504, 505, 520, 599}) {
        faults.push_back({"AppliedThen" + std::to_string(status),
                          send(test::answer(std::to_string(status) + " Error", error_document)),
                          server_error});
    }
    const std::vector<std::pair<int, Expected>> refusals{
        {400, {5, 5, 4}}, {401, {4, 4, 4}}, {403, {4, 4, 4}},  {404, {6, 6, 6}},
        {405, {5, 5, 4}}, {407, {4, 4, 4}}, {408, {10, 8, 8}}, {409, {7, 7, 7}},
        {410, {6, 6, 6}}, {412, {7, 7, 7}}, {413, {5, 5, 4}},  {422, {5, 5, 4}}};
    for (const auto& [status, exit_code] : refusals) {
        // A refused token is fetched again, and the call is repeated once.
        faults.push_back({"Status" + std::to_string(status),
                          send(test::answer(std::to_string(status) + " Refused", "{}")), exit_code,
                          false, false, status == 401 ? 2 : 1});
    }
    faults.push_back({"Status429",
                      send(test::answer("429 Too Many Requests", "{}", "Retry-After: 0\r\n")),
                      {8, 8, 8},
                      false,
                      false,
                      4});
    return faults;
}

}  // namespace bqconn::reliability
