/* Looks a name up as every program does, and prints the numeric addresses in order, or the error's number.
   lookup NAME [4|6] */
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

int main(int count, char **words) {
  struct addrinfo wish, *found, *one;
  char text[64];
  memset(&wish, 0, sizeof wish);
  wish.ai_socktype = SOCK_STREAM;
  wish.ai_family = count < 3 ? AF_UNSPEC : words[2][0] == '6' ? AF_INET6 : AF_INET;
  int error = getaddrinfo(words[1], 0, &wish, &found);
  if (error != 0) {
    printf("error %d\n", error);
    return 0;
  }
  for (one = found; one != 0; one = one->ai_next) {
    getnameinfo(one->ai_addr, one->ai_addrlen, text, sizeof text, 0, 0, NI_NUMERICHOST);
    puts(text);
  }
  return 0;
}
