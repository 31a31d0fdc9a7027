// The part of the table with the right status and a wrong body.
#include <array>
#include <cstdio>

#include "reliability/faults.hpp"
#include "reliability/strikes.hpp"

namespace bqconn::reliability {

using test::RawConnection;

std::vector<Fault> body_faults() {
    return {
        {"HtmlForJson",
         instead("<html><title>Welcome</title></html>", "Content-Type: text/html\r\n"),
         untrusted_body},
        {"ErrorDocumentForSuccess", instead(error_document), untrusted_body},
        {"Empty", instead(""), untrusted_body},
        {"EmptyObject", instead("{}"), untrusted_body},
        {"EmptyArray", instead("[]"), untrusted_body},
        {"Null", instead("null"), untrusted_body},
        {"WrongTypes", instead(R"({"id":1,"etag":{},"items":{},"access_token":[]})"),
         untrusted_body},
        {"NumbersThatOverflow", instead(R"({"id":1e999,"items":1e999,"access_token":1e999})"),
         untrusted_body},
        {"WrongTypesOfItems", instead(R"({"id":null,"items":[1,null,"x"],"access_token":7})"),
         untrusted_body},
        {"IdThatIsAPath",
         instead(R"({"id":"../../x","etag":"\"e\"","items":[{"id":"../../x","etag":"e"}],)"
                 R"("access_token":"two\r\nlines"})"),
         untrusted_body},
        {"TrailingBytes",
         [](RawConnection& connection, const Good& good, const std::string&) {
             connection.send(test::answer(good.status, good.body + "x"));
         },
         untrusted_body},
        {"TrailingNul",
         [](RawConnection& connection, const Good& good, const std::string&) {
             connection.send(test::answer(good.status, good.body + std::string(1, '\0')));
         },
         untrusted_body},
        {"Deep", instead(std::string(100'000, '[')), untrusted_body},
        {"DeepAndClosed", instead(std::string(100'000, '[') + std::string(100'000, ']')),
         untrusted_body},
        {"InvalidUtf8", instead("{\"id\":\"\xff\",\"items\":\"\xff\",\"access_token\":\"\xff\"}"),
         untrusted_body},
        {"Gzip", instead("\x1f\x8b\x08 not looked into", "Content-Encoding: gzip\r\n"),
         untrusted_body},
        {"EchoOfTheRequest",
         [](RawConnection& connection, const Good&, const std::string& request) {
             std::string words;
             for (const char c : request) {
                 words += c == '"' || c == '\\' ? std::string{'\\', c}
                          : c == '\r'           ? std::string()
                          : c == '\n'           ? std::string("\\n")
                                                : std::string(1, c);
             }
             connection.send(test::answer("400 Bad Request", R"({"errorMessage":")" + words +
                                                                 R"(","error":"e",)"
                                                                 R"("error_description":")" +
                                                                 words + "\"}"));
         },
         {5, 5, 4}},
    };
}

std::vector<Fault> length_faults() {
    return {
        {"LengthTooLong", headers("Content-Length: 9999\r\n"), broken_body},
        {"LengthTooShort", headers("Content-Length: 5\r\n"), untrusted_body},
        {"LengthNegative", headers("Content-Length: -5\r\n"), malformed_body},
        {"LengthNoNumber", headers("Content-Length: many\r\n"), malformed_body},
        {"LengthOverflows", headers("Content-Length: 99999999999999999999\r\n"), broken_body},
        {"LengthsThatDiffer", headers("Content-Length: 5\r\nContent-Length: 9999\r\n"),
         broken_body},
        {"LengthsThatDifferTheOtherWay", headers("Content-Length: 9999\r\nContent-Length: 5\r\n"),
         broken_body},
        {"LengthMissing", headers(""), fine},
        {"ChunkNoNumber", chunked("zz\r\n", "\r\n0\r\n\r\n"), malformed_body},
        {"ChunkOverflows", chunked("ffffffffffffffffff\r\n", ""), malformed_body},
        {"ChunkNegative", chunked("-2\r\n", "\r\n0\r\n\r\n"), malformed_body},
        {"ChunkTooShort", chunked("2\r\n", "\r\n0\r\n\r\n"), malformed_body},
        {"ChunkCut", chunked("fff\r\n", ""), broken_body},
        {"ChunkWithoutEnd",
         [](RawConnection& connection, const Good& good, const std::string&) {
             std::array<char, 16> size{};
             std::snprintf(size.data(), size.size(), "%zx", good.body.size());
             connection.send("HTTP/1.1 " + good.status + "\r\nTransfer-Encoding: chunked\r\n\r\n" +
                             size.data() + "\r\n" + good.body + "\r\n");
         },
         broken_body},
        {"HeaderWithoutColon", headers("rubbish\r\n"), malformed},
        {"HeaderWithNul", headers(std::string("X: a\0b\r\n", 8)), malformed},
    };
}

std::vector<Fault> size_faults() {
    const std::string block(64 * 1024, 'x');
    return {
        {"EndlessBody", endless("\r\n", block), malformed_body},
        {"EndlessBodyWithLength", endless("Content-Length: 9000000000\r\n\r\n", block),
         malformed_body},
        {"EndlessChunks",
         endless("Transfer-Encoding: chunked\r\n\r\n", "10000\r\n" + block + "\r\n"),
         malformed_body},
        {"EndlessHeaders", endless("", "X-Header: y\r\n"), malformed},
        {"EndlessHeaderLine", endless("X-Header: ", block), malformed},
        {"EndlessInterimAnswers",
         [](RawConnection& connection, const Good&, const std::string&) {
             while (connection.send("HTTP/1.1 100 Continue\r\n\r\n")) {
             }
         },
         malformed},
        {"InterimAnswerAlone", send("HTTP/1.1 100 Continue\r\n\r\n"), broken},
        {"ManyInterimAnswers",
         [](RawConnection& connection, const Good& good, const std::string&) {
             for (int i = 0; i < 50; ++i) {
                 connection.send(
                     "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n"
                     "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n");
             }
             connection.send(test::answer(good.status, good.body, "Connection: close\r\n"));
         },
         fine},
        {"SecondAnswerBehindTheFirst",
         [](RawConnection& connection, const Good& good, const std::string&) {
             connection.send(test::answer("500 Error", error_document) +
                             test::answer(good.status, good.body));
         },
         server_error},
    };
}

}  // namespace bqconn::reliability
